import {writeFileSync} from 'node:fs';

/** All tests of a suite and of the suites in it. */
const testsOf = (suite) => (suite ? [...suite.tests, ...suite.suites.flatMap(testsOf)] : []);

const firstLine = (message) => String(message ?? '').split('\n', 1)[0];

/** Web Test Runner's results as numbers. An error outside any test, a file that does not load for one, counts too. */
export const countsReporter = (path) => ({
  stop({sessions}) {
    const counts = {passed: 0, failed: 0, skipped: 0, failures: []};
    for (const {testFile, testResults, errors, passed} of sessions) {
      const tests = testsOf(testResults);
      for (const test of tests) counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
      for (const {name, error, passed, skipped} of tests)
        if (!passed) counts.failures.push(`${name}: ${skipped ? 'left out' : firstLine(error?.message)}`);
      counts.failures.push(...errors.map(({message}) => `${testFile}: ${firstLine(message)}`));
      const told = tests.some((test) => !test.passed && !test.skipped);
      if (errors.length > 0) counts.failed += errors.length;
      else if (!passed && !told) {
        counts.failed += 1;
        counts.failures.push(`${testFile}: failed outside its tests`);
      }
    }
    writeFileSync(path, JSON.stringify(counts));
  },
});
