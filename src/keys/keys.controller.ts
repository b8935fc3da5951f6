import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { actorOf } from '../audit/audit.record.js';
import { ADMIN_PREFIX, ApiController, ApiErrors } from '../http/api.decorator.js';
import { type Caller, CurrentCaller } from '../http/caller.decorator.js';
import { PageQuery } from '../http/page.dto.js';
import { KeyChangesDto } from './key-changes.dto.js';
import { ApiKeyDto, KeyPage, KeyPath, KeyRevocation, KeyRotation, MadeKey, NewKey } from './keys.dto.js';
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
    const { name, tenant, scopes, models, expires_at } = input;
    const key = {
      name,
      tenant,
      scopes,
      expiresAt: expires_at === undefined ? undefined : new Date(expires_at),
      requestsPerMinute: input.requests_per_minute,
      tokensPerMonth: input.tokens_per_month,
      costPerMonth: input.cost_per_month,
      endUser: input.end_user,
      agentRoles: input.agent_roles,
      models,
      ipRanges: input.ip_ranges,
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
   * Change a key
   * @remarks Its secret stays. A field that is left out stays; null removes the limit. New calls follow within a second.
   */
  @ApiOperation({ operationId: 'keys_update' })
  @Patch('keys/:key_id')
  @ApiErrors('not_found', 'payload_too_large', 'unsupported_media_type')
  update(
    @Param() { key_id }: KeyPath,
    @Body() input: KeyChangesDto,
    @CurrentCaller() { principal, ids }: Caller,
  ): Promise<ApiKeyDto> {
    const { name, scopes, models, expires_at } = input;
    const changes = {
      name,
      scopes,
      expiresAt: typeof expires_at === 'string' ? new Date(expires_at) : expires_at,
      requestsPerMinute: input.requests_per_minute,
      tokensPerMonth: input.tokens_per_month,
      costPerMonth: input.cost_per_month,
      endUser: input.end_user,
      agentRoles: input.agent_roles,
      models,
      ipRanges: input.ip_ranges,
    };
    return this.keys.update(key_id, changes, actorOf(principal, ids));
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
