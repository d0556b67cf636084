/**
 * `npm run audit`: asks the registry for known vulnerabilities of the packages that production runs, and fails for those
 * rated high or critical. A registry that cannot be asked is no reason to fail: nobody could mend that here.
 */
import { runNpm } from './command.mjs';

/** Advisories that do not concern us: their address, why not, and until when that was looked at. */
const EXCEPTIONS = [
  // { url: 'https://github.com/advisories/GHSA-…', reason: 'The function is never called.', until: '2026-06-30' },
];

const { output } = await runNpm(['audit', '--omit=dev', '--json'], { quiet: true });
const report = parse(output);
if (report?.vulnerabilities === undefined) {
  console.log(
    `The registry could not be asked about vulnerabilities: ${report?.message ?? 'no answer to be read'}.`,
  );
} else judge(Object.values(report.vulnerabilities));

function judge(packages) {
  const advisories = packages.flatMap(({ via }) => via.filter((cause) => typeof cause === 'object'));
  const today = new Date().toISOString().slice(0, 10);
  const excepted = ({ url }) =>
    EXCEPTIONS.some((exception) => exception.url === url && exception.until >= today);
  const grave = advisories.filter(({ severity }) => ['high', 'critical'].includes(severity));
  const open = grave.filter((advisory) => !excepted(advisory));
  for (const { severity, name, title, url } of advisories)
    console.log(`${severity}: ${name}: ${title} (${url})`);
  console.log(`${advisories.length} known, ${grave.length} of them high or critical, ${open.length} open.`);
  process.exitCode = open.length > 0 ? 1 : 0;
}

/** npm may write warnings before the report. */
function parse(text) {
  try {
    return JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}
