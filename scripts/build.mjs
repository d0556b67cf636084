/** `npm run build` */
import { build } from './prepare.mjs';

process.exitCode = (await build()).code;
