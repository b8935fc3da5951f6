import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { actorOf } from '../audit/audit.record.js';
import { ADMIN_PREFIX, ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { PageQuery } from '../http/page.dto.js';
import { KeyPage, KeyPath, KeyRevocation, KeyRotation, MadeKey, NewKey } from './keys.dto.js';
import { KeysService } from './keys.service.js';

/** Key management routes for the operator. */
@ApiController('Keys', 'admin', ADMIN_PREFIX)
export class KeysController {
  constructor(private readonly keys: KeysService) {}

  /**
   * Create a key
   * @remarks Only this response contains the key. The service stores only its hash.
   */
  @ApiOperation({ operationId: 'keys_create' })
  @Post('keys')
  @ApiErrors('payload_too_large', 'unsupported_media_type')
  create(@Body() input: NewKey, @CurrentCaller() caller: Caller): Promise<MadeKey> {
    const { name, tenant, scopes, expires_at, requests_per_minute, tokens_per_month, cost_per_month } = input;
    const key = {
      name,
      tenant,
      scopes,
      expiresAt: expires_at === undefined ? undefined : new Date(expires_at),
      requestsPerMinute: requests_per_minute,
      tokensPerMonth: tokens_per_month,
      costPerMonth: cost_per_month,
    };
    return this.keys.create(key, actorOf(caller.principal, caller.ids));
  }

  /**
   * List keys
   * @remarks Includes revoked keys, newest first. Covers all tenants unless `tenant` is set.
   */
  @ApiOperation({ operationId: 'keys_list' })
  @Get('keys')
  list(@Query() query: PageQuery): Promise<KeyPage> {
    return this.keys.list(query);
  }

  /**
   * Rotate a key
   * @remarks Replaces the secret; scopes and limits stay. The old secret stays valid for `overlap_seconds`, so that
   * clients can switch over.
   */
  @ApiOperation({ operationId: 'keys_rotate' })
  @Post('keys/:key_id/rotate')
  @HttpCode(200)
  @ApiErrors('not_found', 'payload_too_large', 'unsupported_media_type')
  rotate(
    @Param() { key_id }: KeyPath,
    @Body() { overlap_seconds = 0 }: KeyRotation,
    @CurrentCaller() { principal, ids }: Caller,
  ): Promise<MadeKey> {
    return this.keys.rotate(key_id, overlap_seconds * 1000, actorOf(principal, ids));
  }

  /**
   * Revoke a key
   * @remarks Revocation is permanent and reaches all replicas within a second. It also ends streams, sockets and chats.
   * The unfinished tasks of the key are cancelled, unless `keep_tasks` is true.
   */
  @ApiOperation({ operationId: 'keys_revoke' })
  @Delete('keys/:key_id')
  @HttpCode(204)
  @ApiErrors('not_found')
  revoke(
    @Param() { key_id }: KeyPath,
    @Query() { keep_tasks }: KeyRevocation,
    @CurrentCaller() { principal, ids }: Caller,
  ): Promise<void> {
    return this.keys.revoke(key_id, actorOf(principal, ids), { keepTasks: keep_tasks === 'true' });
  }
}
