// Packs the module for Nest applications: `npm run pack`. Further arguments are those of `npm pack`.
import { npm } from './npm.mjs';
import { stage } from './stage.mjs';

// npm would print each of a thousand files.
npm('pack', stage(), '--loglevel=error', ...process.argv.slice(2));
