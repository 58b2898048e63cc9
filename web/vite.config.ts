import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// TOWNSEAT_URL names a running server that `npm run dev` passes data requests to.
const server = process.env['TOWNSEAT_URL'] ?? 'http://127.0.0.1:8080'
const passed = ['/api', '/tiles', '/styles']

export default defineConfig({
  plugins: [vue()],
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
    // a picture inside the script would weigh on the first load; a data: address needs no request
    assetsInlineLimit: 2048,
  },
  // as the server itself says it, so that what it forbids fails here too
  preview: { headers: { 'content-security-policy': "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:" } },
  server: { proxy: Object.fromEntries(passed.map((path) => [path, { target: server, changeOrigin: false }])) },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
