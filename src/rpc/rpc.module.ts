import { type DynamicModule, Module, type Type } from '@nestjs/common';

/** The message patterns for other Nest services. */
@Module({})
export class RpcModule {
  static register(imports: NonNullable<DynamicModule['imports']>, controller: Type<object>): DynamicModule {
    return { module: RpcModule, imports, controllers: [controller] };
  }
}
