import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { ADMIN_PREFIX, ApiController } from '../http/api.decorator.js';
import { ReleaseList } from './releases.dto.js';
import { Releases } from './releases.js';

/** The endpoint for operators that shows the releases. */
@ApiController('Releases', 'admin', ADMIN_PREFIX)
export class ReleasesController {
  constructor(private readonly releases: Releases) {}

  /**
   * List the releases
   * @remarks Shows the releases of the process that answers, and whether it has accepted the last change of the folder.
   */
  @ApiOperation({ operationId: 'releases_list' })
  @Get('releases')
  list(): ReleaseList {
    const { releases } = this;
    return ReleaseList.from(releases.list(), releases.state, (release) => releases.shareOf(release));
  }
}
