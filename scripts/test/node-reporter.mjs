/** What was thrown in the test is the cause of what the runner says. */
const reason = (error) => String((error?.cause ?? error)?.message ?? error?.cause ?? error).split('\n', 1)[0];

/** The results of node:test as numbers. Suites and files are no tests of their own, unless one fails by itself. */
export default async function* countsReporter(events) {
  const counts = {passed: 0, failed: 0, skipped: 0, failures: []};
  for await (const {type, data} of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isGroup = data.details.type === 'suite' || (data.nesting === 0 && data.name === data.file);
    const failedInside = data.details.error?.failureType === 'subtestsFailed';
    if (isGroup && (type === 'test:pass' || failedInside)) continue;
    const failed = type === 'test:fail';
    if (data.skip !== undefined || data.todo !== undefined) counts.failures.push(`${data.name}: left out`);
    else if (failed) counts.failures.push(`${data.name}: ${reason(data.details.error)}`);
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else counts[failed ? 'failed' : 'passed'] += 1;
  }
  yield JSON.stringify(counts);
}
