import { type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import { fieldProblemsOf } from './field-problems.ts';
import { problemOf } from './states.tsx';

export interface Submit {
  readonly isBusy: boolean;
  /** What is wrong with each field. */
  readonly problems: Readonly<Record<string, string>>;
  /** What is wrong if no field shows it; null if nothing is. */
  readonly problem: string | null;
  readonly submit: (event: FormEvent<HTMLFormElement>) => void;
}

/** Sends a form. `work` rejects if the server refuses; what it says then stands beside the fields. */
export function useSubmit(work: () => Promise<unknown>): Submit {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    setProblem(error === null ? null : notShown(error, form.current));
  }, [error]);
  const run = async () => {
    setIsBusy(true);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(failure);
    } finally {
      setIsBusy(false);
    }
  };
  return {
    isBusy,
    problems: error === null ? {} : fieldProblemsOf(error),
    problem,
    submit: (event) => {
      event.preventDefault();
      form.current = event.currentTarget;
      void run();
    },
  };
}

/** What is wrong with fields that the form does not have, or with the whole; null if its fields show everything. */
function notShown(error: unknown, form: HTMLFormElement | null): string | null {
  const problems = Object.entries(fieldProblemsOf(error));
  if (problems.length === 0) return problemOf(error);
  const texts = [...(form?.querySelectorAll('.field .problem') ?? [])].map(
    ({ textContent }) => textContent,
  );
  const others = problems.filter(([, text]) => !texts.includes(text));
  return others.length === 0 ? null : others.map(([name, text]) => `${name}: ${text}`).join(' ');
}
