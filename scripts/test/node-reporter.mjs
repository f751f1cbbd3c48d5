/** The results of node:test as numbers. Suites and files are no tests of their own, unless one fails by itself. */
export default async function* countsReporter(events) {
  const counts = {passed: 0, failed: 0, skipped: 0};
  for await (const {type, data} of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isGroup = data.details.type === 'suite' || (data.nesting === 0 && data.name === data.file);
    const failedInside = data.details.error?.failureType === 'subtestsFailed';
    if (isGroup && (type === 'test:pass' || failedInside)) continue;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else counts[type === 'test:pass' ? 'passed' : 'failed'] += 1;
  }
  yield JSON.stringify(counts);
}
