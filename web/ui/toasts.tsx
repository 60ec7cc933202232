import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import { t } from '../text/i18n.ts';
import { problemOf } from './states.tsx';

export interface Toast {
  readonly text: string;
  /** Takes back what was done, or rejects with why it could not; absent if that is not possible. */
  readonly undo?: () => Promise<unknown> | undefined;
}

interface Shown extends Toast {
  readonly id: number;
}

const SHOWN_MS = 8_000;

let shown: readonly Shown[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
let layer: HTMLElement | null = null;

function set(next: typeof shown): void {
  shown = next;
  for (const listener of listeners) listener();
}

const hide = (id: number) => set(shown.filter((toast) => toast.id !== id));

/** Reports what was done at the edge of the page, for a few seconds. */
export function toast(given: Toast): void {
  lastId += 1;
  set([...shown.slice(-2), { ...given, id: lastId }]);
}

/** Shows the reports above a dialog that has just opened. */
export function raiseToasts(): void {
  if (layer?.isConnected !== true) return;
  if (layer.matches(':popover-open')) layer.hidePopover();
  layer.showPopover();
}

function undo({ id, undo: run }: Shown): void {
  hide(id);
  run?.()?.catch((error) => toast({ text: problemOf(error) }));
}

export function Toasts() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => shown,
  );
  const whole = useRef<HTMLDivElement>(null);
  const [isHeld, setIsHeld] = useState(false);
  useLayoutEffect(() => {
    layer = whole.current;
    raiseToasts();
  }, []);
  const newest = toasts.findLast((one) => one.undo !== undefined);
  useEffect(() => {
    if (newest === undefined) return;
    const press = (event: KeyboardEvent) => {
      if (!isUndo(event) || isText(event.target) || isInDialog()) return;
      event.preventDefault();
      undo(newest);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [newest]);
  return (
    <div
      ref={whole}
      popover="manual"
      className="toasts"
      role="status"
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      {toasts.map((one) => (
        <Line key={one.id} shown={one} isHeld={isHeld} hasKey={one === newest} />
      ))}
    </div>
  );
}

interface LineProps {
  readonly shown: Shown;
  /** Whether somebody reads or reaches for it. */
  readonly isHeld: boolean;
  readonly hasKey: boolean;
}

function Line({ shown: one, isHeld, hasKey }: LineProps) {
  const { id, text } = one;
  const canUndo = one.undo !== undefined;
  useEffect(() => {
    if (isHeld) return;
    const timer = setInterval(() => {
      // Nothing outside of a dialog can be used while it is open.
      if (!(canUndo && isInDialog())) hide(id);
    }, SHOWN_MS);
    return () => clearInterval(timer);
  }, [id, canUndo, isHeld]);
  return (
    <div className="toast">
      <span>{text}</span>
      {canUndo ? (
        <button type="button" onClick={() => undo(one)}>
          {t('action.undo')}
          {hasKey ? <kbd>{IS_MAC ? '⌘Z' : 'Ctrl+Z'}</kbd> : null}
        </button>
      ) : null}
    </div>
  );
}

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.platform);

const isUndo = ({ ctrlKey, metaKey, shiftKey, altKey, key }: KeyboardEvent) =>
  (IS_MAC ? metaKey : ctrlKey) && !shiftKey && !altKey && key.toLowerCase() === 'z';

/** Where the browser has an undo of its own. */
const isText = (target: EventTarget | null) =>
  target instanceof Element &&
  target.closest('textarea, input:not([type="checkbox"], [type="radio"]), [contenteditable]') !==
    null;

const isInDialog = () => document.querySelector('dialog[open]') !== null;
