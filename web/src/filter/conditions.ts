// The conditions that the page writes, as CQL2 text and back. Pure: read(write(c)) is c.

export type Condition =
  | { field: string; op: 'in'; values: string[] }
  | { field: string; op: 'contains'; text: string }
  | { field: string; op: 'least'; value: number }
  | { field: string; op: 'most'; value: number }
  | { field: string; op: 'since'; day: string }
  | { field: string; op: 'until'; day: string }
  | { field: string; op: 'is'; value: boolean }
  | { field: string; op: 'empty' }

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`
/** In LIKE, `%`, `_` and the escape itself stand for themselves after the escape. */
const literal = (text: string) => text.replace(/[\\%_]/g, (c) => `\\${c}`)

function one(c: Condition): string {
  switch (c.op) {
    case 'in': return `${c.field} IN (${c.values.map(quote).join(', ')})`
    case 'contains': return `${c.field} LIKE ${quote(`%${literal(c.text)}%`)}`
    case 'least': return `${c.field} >= ${c.value}`
    case 'most': return `${c.field} <= ${c.value}`
    case 'since': return `${c.field} >= DATE('${c.day}')`
    case 'until': return `${c.field} <= DATE('${c.day}')`
    case 'is': return `${c.field} = ${c.value ? 'TRUE' : 'FALSE'}`
    case 'empty': return `${c.field} IS NULL`
  }
}

/** CQL2 text; empty for no condition. */
export const write = (conditions: readonly Condition[]): string => conditions.map(one).join(' AND ')

const FIELD = /^\s*([a-z][a-z0-9_]*)\s+/
const TEXT = /^'((?:[^']|'')*)'/
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?=\s|$)/i

/** Reads what the page itself would write, and the like; null for anything else. */
export function read(cql: string): Condition[] | null {
  const out: Condition[] = []
  let rest = cql.trim()
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest)
    if (found) rest = rest.slice(found[0].length)
    return found
  }
  const text = () => take(TEXT)?.[1]?.replaceAll("''", "'")
  while (rest) {
    if (out.length > 0 && !take(/^\s*AND\s+/i)) return null
    const field = take(FIELD)?.[1]
    if (!field) return null
    if (take(/^IS\s+NULL/i)) {
      out.push({ field, op: 'empty' })
    } else if (take(/^IN\s*\(\s*/i)) {
      const values: string[] = []
      do {
        const value = text()
        if (value === undefined) return null
        values.push(value)
      } while (take(/^\s*,\s*/))
      if (!take(/^\s*\)/)) return null
      out.push({ field, op: 'in', values })
    } else if (take(/^LIKE\s+/i)) {
      const pattern = text()
      const inner = pattern && /^%((?:[^\\%_]|\\[\\%_])*)%$/s.exec(pattern)?.[1]
      if (inner === undefined || inner === '') return null
      out.push({ field, op: 'contains', text: inner!.replace(/\\([\\%_])/g, '$1') })
    } else {
      const sign = take(/^(>=|<=|=)\s*/)?.[1]
      if (!sign) return null
      const day = sign !== '=' && take(/^DATE\('(\d{4}-\d{2}-\d{2})'\)/i)?.[1]
      if (day) {
        out.push({ field, op: sign === '>=' ? 'since' : 'until', day })
        continue
      }
      const number = sign !== '=' && take(NUMBER)?.[0]
      if (number) {
        out.push({ field, op: sign === '>=' ? 'least' : 'most', value: Number(number) })
        continue
      }
      if (sign !== '=') return null
      const truth = take(/^(TRUE|FALSE)\b/i)?.[1]
      const value = truth === undefined ? text() : undefined
      if (truth !== undefined) out.push({ field, op: 'is', value: truth.toUpperCase() === 'TRUE' })
      else if (value !== undefined) out.push({ field, op: 'in', values: [value] })
      else return null
    }
    rest = rest.replace(/^\s+$/, '')
  }
  return out
}

/** The conditions on one field changed, those on others as they were. */
export function replaced(all: readonly Condition[], field: string, by: readonly Condition[]): Condition[] {
  return [...all.filter((c) => c.field !== field), ...by]
}
