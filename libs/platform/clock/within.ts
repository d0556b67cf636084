import { BrokerError } from '../errors/broker-error.ts';

/**
 * The answer, or nothing when it takes longer than `ms` or fails: for questions whose answer is worth only so much
 * waiting. The question itself goes on.
 */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([answer.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The answer, or a refusal that asks to try again when it takes longer than `ms`: for somebody who must not be left
 * waiting. What was begun goes on, and may still succeed.
 * @throws BrokerError `overloaded`, and whatever the answer throws in time.
 */
export async function answerWithin<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new BrokerError('unavailable', 'overloaded', 'There is too much to do at the moment.', {
          retryAfterSeconds: 2,
        }),
      );
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
