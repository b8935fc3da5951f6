import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ADMIN_PREFIX, ApiController } from '../http/api.decorator.js';
import { ReleaseList } from './releases.dto.js';
import { Releases } from './releases.js';

/** The operator's look at releases. */
@ApiController('Releases', 'admin', ADMIN_PREFIX)
export class ReleasesController {
  constructor(private readonly releases: Releases) {}

  /**
   * List the releases
   * @remarks As the process that answers has them, and whether it has taken the last change of their folder.
   */
  @ApiOperation({ operationId: 'releases_list' })
  @Get('releases')
  list(): ReleaseList {
    return ReleaseList.from(this.releases.list(), this.releases.state);
  }
}
