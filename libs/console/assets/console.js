/** What every page of the console gets: times that tick. */
import './ticking.js';
