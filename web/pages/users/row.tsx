import { type CSSProperties, memo } from 'react';
import { Link } from 'wouter';
import { nameOf } from '../../actions/use-actions.ts';
import { UserMenu } from '../../actions/user-menu.tsx';
import type { UserRowFragment } from '../../api/generated/pages/graphql.ts';
import { QuotaBar } from '../../limits/quota-bar.tsx';
import { bytesOfBandwidthLimit } from '../../limits/units.ts';
import { usePresence } from '../../live/presence.ts';
import { useRate } from '../../live/rates.ts';
import { t } from '../../text/i18n.ts';
import { bitRate } from '../../text/numbers.ts';
import { Received, Sent } from '../../ui/figure.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import { Ago, BitRate, Bytes } from '../../ui/values.tsx';
import type { Column } from './view.ts';

export interface RowProps {
  readonly user: UserRowFragment;
  readonly index: number;
  readonly columns: readonly Column[];
  readonly isSelected: boolean;
  readonly canChange: boolean;
  readonly onSelect: (id: string, isSelected: boolean) => void;
  /** Numbers and not a style, which would be another object at each scroll. */
  readonly startPx: number;
  readonly heightPx: number;
}

/** Where a row is below the head of the table. */
export const placeOf = (startPx: number, heightPx: number): CSSProperties => ({
  height: `${heightPx}px`,
  transform: `translateY(${startPx}px)`,
});

/** One user. Its dot and its rate change by themselves, without the rest of the table. */
export const Row = memo(function Row(props: RowProps) {
  const { user, index, columns, isSelected, canChange, onSelect, startPx, heightPx } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="user-row"
      style={placeOf(startPx, heightPx)}
    >
      {canChange ? (
        <div role="cell" className="select">
          <input
            type="checkbox"
            aria-label={t('users.select', { name: nameOf(user) })}
            checked={isSelected}
            onChange={(event) => onSelect(user.id, event.target.checked)}
          />
        </div>
      ) : null}
      <div role="cell" className="name">
        <OnlineDot id={user.id} isOnline={user.isOnline} />
        <Link href={`/users/${user.id}`} className="truncate">
          {nameOf(user)}
        </Link>
        <StateBadge user={user} />
      </div>
      {columns.map((column) => (
        <div
          key={column}
          role="cell"
          className={column === 'quota' ? 'quota-cell' : column}
          data-label={t(`users.column.${column}`)}
        >
          <Cell column={column} user={user} />
        </div>
      ))}
      {canChange ? (
        <div role="cell" className="menu-cell">
          <UserMenu user={user} />
        </div>
      ) : null}
    </div>
  );
});

function Cell({ column, user }: { readonly column: Column; readonly user: UserRowFragment }) {
  switch (column) {
    case 'rate':
      return <LiveRate id={user.id} />;
    case 'today':
      return <Volume rx={user.usage.today.rx} tx={user.usage.today.tx} />;
    case 'total':
      return <Volume rx={user.totalRx} tx={user.totalTx} />;
    case 'quota':
      return <QuotaBar quota={user.quota} month={user.usage.month} />;
    case 'lastSeen':
      return <LastSeen id={user.id} lastSeenAt={user.lastSeenAt ?? null} />;
    case 'expires':
      return user.expiresAt == null ? <Muted text="–" /> : <Ago at={user.expiresAt} />;
    case 'bandwidth':
      return user.bandwidthLimit === 0 ? (
        <Muted text="–" />
      ) : (
        bitRate(bytesOfBandwidthLimit(user.bandwidthLimit))
      );
    case 'owner':
      return <span className="truncate">{user.owner}</span>;
    case 'tags':
      return user.tags.map((tag) => (
        <span key={tag} className="badge">
          {tag}
        </span>
      ));
    case 'interface':
      return user.interface;
    case 'endpoint':
      return <span className="mono truncate">{user.endpoint}</span>;
  }
}

const Muted = ({ text }: { readonly text: string }) => <span className="muted">{text}</span>;

function OnlineDot({ id, isOnline }: { readonly id: string; readonly isOnline: boolean }) {
  const isNow = usePresence(id)?.isOnline ?? isOnline;
  const text = t(isNow ? 'user.online' : 'user.offline');
  return (
    <span className={isNow ? 'dot online' : 'dot'} role="img" aria-label={text} title={text} />
  );
}

function LastSeen({ id, lastSeenAt }: { readonly id: string; readonly lastSeenAt: string | null }) {
  const presence = usePresence(id);
  if (presence?.isOnline) return <span>{t('user.onlineNow')}</span>;
  const at = presence?.at ?? lastSeenAt;
  return at === null ? <Muted text={t('user.never')} /> : <Ago at={at} />;
}

function LiveRate({ id }: { readonly id: string }) {
  const { rx, tx } = useRate(id);
  if (rx === 0 && tx === 0) return <Muted text="–" />;
  return (
    <span className="pair">
      <Sent>
        <BitRate bytesPerSecond={tx} />
      </Sent>
      <Received>
        <BitRate bytesPerSecond={rx} />
      </Received>
    </span>
  );
}

function Volume({ rx, tx }: { readonly rx: string; readonly tx: string }) {
  if (rx === '0' && tx === '0') return <Muted text="–" />;
  return (
    <span className="pair">
      <Sent>
        <Bytes value={tx} />
      </Sent>
      <Received>
        <Bytes value={rx} />
      </Received>
    </span>
  );
}
