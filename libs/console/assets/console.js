/** What every page of the console gets; each part looks whether it is needed here. */
import './ticking.js';
import './keys.js';
import './sound.js';
import { watch } from './live.js';

const { liveFeed } = document.documentElement.dataset;
if (liveFeed !== undefined) void watch(liveFeed);
