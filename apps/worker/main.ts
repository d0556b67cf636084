import { runServer } from '../run-server.ts';
import { WorkerModule } from './worker.module.ts';

await runServer(WorkerModule, { setting: 'WORKER_PORT' });
