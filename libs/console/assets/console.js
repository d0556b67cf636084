/** What every page of the console gets: times that tick and, where the page has a feed, news. */
import './ticking.js';
import { watch } from './live.js';

const { liveFeed } = document.documentElement.dataset;
if (liveFeed !== undefined) watch(liveFeed);
