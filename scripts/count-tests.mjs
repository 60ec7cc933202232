#!/usr/bin/env node
/**
 * Reads vitest's JSON report and prints "<passed> <failed>" for .ci/run. A skipped test counts as
 * failed: on the machine that decides, a test that did not run has shown nothing. So does a file
 * that broke before its first test, and a run that ended badly although every test in it passed.
 *
 * usage: count-tests.mjs <report.json> <exit code of the test command>
 */
import { readFileSync } from 'node:fs';

const [file, exitCode] = process.argv.slice(2);

function count(report) {
  const tests = report.testResults.flatMap((result) => result.assertionResults);
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && !result.assertionResults.some(isFailed),
  );
  const passed = tests.filter((test) => test.status === 'passed').length;
  for (const test of tests) {
    if (test.status !== 'passed') console.error(`${test.status}: ${test.fullName}`);
  }
  for (const result of broken) console.error(`broken: ${result.name}`);
  return { passed, failed: tests.length - passed + broken.length };
}

function isFailed(test) {
  return test.status === 'failed';
}

function read() {
  try {
    return count(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    console.error('The tests left no report.');
    return { passed: 0, failed: 1 };
  }
}

const { passed, failed } = read();
console.log(`${passed} ${failed === 0 && (exitCode !== '0' || passed === 0) ? 1 : failed}`);
