import type { ReactNode } from 'react';
import { t } from '../text/i18n.ts';
import { Bytes } from './values.tsx';

interface VolumeProps {
  readonly name: string;
  readonly volume: { readonly rx: string; readonly tx: string } | null;
}

export function Volume({ name, volume }: VolumeProps) {
  return (
    <Figure name={name}>
      {volume && (
        <>
          <Bytes value={BigInt(volume.rx) + BigInt(volume.tx)} />
          <Parts>
            <Sent>
              <Bytes value={volume.tx} />
            </Sent>
            <Received>
              <Bytes value={volume.rx} />
            </Received>
          </Parts>
        </>
      )}
    </Figure>
  );
}

interface FigureProps {
  readonly name: string;
  /** null while it is loaded. */
  readonly children: ReactNode;
}

export function Figure({ name, children }: FigureProps) {
  return (
    <div className="figure">
      <dt>{name}</dt>
      <dd>{children ?? <span className="skeleton" />}</dd>
    </div>
  );
}

export const Parts = ({ children }: { readonly children: ReactNode }) => (
  <span className="parts">{children}</span>
);

export const Sent = ({ children }: { readonly children: ReactNode }) => (
  <span className="sent" title={t('traffic.sent')}>
    <span aria-hidden="true">▲ </span>
    <span className="visually-hidden">{t('traffic.sent')} </span>
    {children}
  </span>
);

export const Received = ({ children }: { readonly children: ReactNode }) => (
  <span className="received" title={t('traffic.received')}>
    <span aria-hidden="true">▼ </span>
    <span className="visually-hidden">{t('traffic.received')} </span>
    {children}
  </span>
);
