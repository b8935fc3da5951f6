import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Builds Studio beside the module that serves it. `npx vite studio` serves it while you edit it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/studio/',
  resolve: {
    alias: { 'rookery/client': fileURLToPath(new URL('../src/client/index.ts', import.meta.url)) },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../dist/studio', import.meta.url)),
    // The compiled module is there too.
    emptyOutDir: false,
    target: 'es2023',
    // The theme needs `light-dark()`, and the Markdown `URL.parse`.
    cssTarget: ['chrome126', 'firefox126', 'safari18'],
    // The policy of the page allows no images of its own besides files, and the polyfill is for old browsers.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8000', '/health': 'http://127.0.0.1:8000', '/metrics': 'http://127.0.0.1:8000' },
  },
});
