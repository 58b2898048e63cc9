import { defineConfig } from '@playwright/test'

// A running server with the sample is wanted at TOWNSEAT_URL; scripts/e2e.sh starts one.
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'node_modules/.cache/e2e',
  workers: 1,
  // software rendering on a busy machine: slow is no fault
  timeout: 180_000,
  expect: { timeout: 45_000 },
  forbidOnly: !!process.env['CI'],
  reporter: [['list']],
  use: {
    baseURL: process.env['TOWNSEAT_URL'] ?? 'http://127.0.0.1:8080',
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    colorScheme: 'light',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--headless=new', '--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
        '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
      ],
    },
  },
})
