import type {Requirement} from '../../test/security/requirements.js';
import type {ShownTest} from './results.js';

/** A requirement with the tests that show it. */
export interface Row extends Requirement {
  readonly tests: readonly ShownTest[];
  readonly result: 'holds' | 'fails' | 'no test';
}

/** `#7 the id_token is …` and `#47 #27 …`. */
const numbersOf = (title: string): readonly number[] =>
  [...(/^(#\d+ )+/.exec(title)?.[0] ?? '').matchAll(/#(\d+)/g)].map(([, number]) => Number(number));

export const wordsOf = ({title}: ShownTest): string => title.replace(/^(#\d+ )+/, '');

export const toRows = (requirements: readonly Requirement[], all: readonly ShownTest[]): readonly Row[] =>
  requirements.map((requirement) => {
    const tests = all.filter(({title}) => numbersOf(title).includes(requirement.number));
    const holds = tests.every(({passed}) => passed);
    return {...requirement, tests, result: tests.length === 0 ? 'no test' : holds ? 'holds' : 'fails'};
  });

/** A test whose title names no requirement is in no row, so nobody would see it. */
export const strays = (requirements: readonly Requirement[], all: readonly ShownTest[]): readonly ShownTest[] =>
  all.filter(({title}) => {
    const numbers = numbersOf(title);
    return numbers.length === 0 || numbers.some((number) => !requirements.some((one) => one.number === number));
  });
