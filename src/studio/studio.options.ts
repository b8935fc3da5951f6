/**
 * Options of `StudioModule`.
 *
 * @example
 * import { Module } from '@nestjs/common';
 * import { StudioModule } from 'rookery/studio';
 *
 * \@Module({ imports: [StudioModule.forRoot({ folder: '/srv/rookery/studio' })] })
 * export class AppModule {}
 */
export interface StudioModuleOptions {
  /** The folder with the built files of Studio: `index.html` and `assets`. Default: that of the package, if it has them. */
  readonly folder?: string | undefined;
}
