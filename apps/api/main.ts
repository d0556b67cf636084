import { runServer } from '../run-server.ts';
import { ApiModule } from './api.module.ts';

await runServer(ApiModule, { setting: 'PORT' });
