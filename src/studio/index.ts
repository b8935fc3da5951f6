/** Studio, the web application, for Nest applications. */
export { StudioModule } from './studio.module.js';
export type { StudioModuleOptions } from './studio.options.js';
