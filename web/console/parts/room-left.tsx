import { t as say, useTexts } from '../i18n.ts';
import { lengthOf, nearEnd } from './text-room.ts';
import styles from './room-left.module.css';

/** Says how much room a text has left, once it comes near the end, and how much it is too long (剩余字数). */
export function RoomLeft({ text, limit }: { text: string; limit: number }) {
  useTexts();
  const length = lengthOf(text);
  if (!nearEnd(length, limit)) return null;
  return <p className={styles.room} data-over={length > limit || undefined} role={length > limit ? 'alert' : 'status'}>{roomWords(length, limit)}</p>;
}

function roomWords(length: number, limit: number): string {
  return length > limit ? say('room.over', { count: length - limit }) : say('room.left', { count: limit - length });
}

/** The same for texts of forms: nothing is cut, what is too long is told. For `count` of antd's inputs. */
export const roomCount = (limit: number) => ({
  max: limit,
  strategy: lengthOf,
  show: ({ count }: { count: number }) => (nearEnd(count, limit) ? roomWords(count, limit) : ''),
});

/** Refuses what is too long when the form is sent, and leaves it where it stands. */
export const roomRule = (limit: number) => ({
  validator: async (_rule: unknown, value: unknown) => {
    const length = typeof value === 'string' ? lengthOf(value) : 0;
    if (length > limit) throw new Error(roomWords(length, limit));
  },
});
