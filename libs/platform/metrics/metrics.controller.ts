import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { Response } from 'express';

const EXAMPLE = `# HELP alarm_broker_active_alarms Alarms that are neither resolved nor cancelled
# TYPE alarm_broker_active_alarms gauge
alarm_broker_active_alarms 1
`;

/** The figures of this process, for Prometheus. */
@ApiTags('Health')
@Controller()
export class MetricsController extends PrometheusController {
  @Get()
  @ApiOperation({ operationId: 'metrics', summary: 'Figures for Prometheus', security: [] })
  @ApiProduces('text/plain')
  @ApiOkResponse({
    description: 'The text format of Prometheus.',
    content: { 'text/plain': { schema: { type: 'string', example: EXAMPLE } } },
  })
  override index(@Res({ passthrough: true }) response: Response): Promise<string> {
    return super.index(response);
  }
}
