import { type ReactNode, useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

export interface MenuProps {
  /** What the button shows. */
  readonly button: ReactNode;
  /** The name of the button, if it shows no text. */
  readonly label?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

const GAP = 4;

/**
 * A button that shows more buttons. Escape and a click elsewhere hide them, which the browser does. They are made when they
 * are shown, because a table has a menu in each row.
 */
export function Menu({ button, label, className, children }: MenuProps) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const place = () => {
    const [at, shown] = [opener.current?.getBoundingClientRect(), popover.current];
    if (at === undefined || shown === null) return;
    shown.style.maxHeight = '';
    const { offsetWidth: width, offsetHeight: height } = shown;
    const isBelow = at.bottom + GAP + height <= innerHeight || at.top < innerHeight / 2;
    shown.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
    // Where it does not fit, it scrolls.
    const room = isBelow ? innerHeight - at.bottom - 2 * GAP : at.top - 2 * GAP;
    if (height > room) shown.style.maxHeight = `${room}px`;
    shown.style.top = `${isBelow ? at.bottom + GAP : Math.max(GAP, at.top - GAP - height)}px`;
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="true"
        popoverTarget={id}
      >
        {button}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the buttons in it are what is used. */}
      <div
        ref={popover}
        id={id}
        popover="auto"
        className="menu"
        onBeforeToggle={(event) => {
          // The place of the menu depends on its size.
          if (event.newState === 'open') flushSync(() => setIsOpen(true));
        }}
        onToggle={(event) => {
          if (event.newState !== 'open') return setIsOpen(false);
          place();
          popover.current?.querySelector<HTMLElement>('button, input')?.focus();
        }}
        onClick={(event) => {
          const isAction = (event.target as Element).closest('button') !== null;
          if (isAction) popover.current?.hidePopover();
        }}
      >
        {isOpen ? children : null}
      </div>
    </>
  );
}
