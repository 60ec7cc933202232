import { serverNow } from '../api/server-clock.ts';
import { t } from '../text/i18n.ts';

export interface ZoomButtonsProps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

/** What dragging over a chart does, for keyboards and fingers. */
export function ZoomButtons({ fromMs, toMs, onZoom }: ZoomButtonsProps) {
  if (Number.isNaN(fromMs)) return null;
  const length = toMs - fromMs;
  const move = (by: number) => onZoom(fromMs + by * length, toMs + by * length);
  return (
    <fieldset className="plain-fieldset row zoom-buttons">
      <legend className="visually-hidden">{t('chart.zoom')}</legend>
      <button
        type="button"
        className="zoom-button"
        aria-label={t('chart.earlier')}
        onClick={() => move(-0.5)}
      >
        ‹
      </button>
      <button
        type="button"
        className="zoom-button"
        aria-label={t('chart.zoomIn')}
        onClick={() => onZoom(fromMs + length / 4, toMs - length / 4)}
      >
        +
      </button>
      <button
        type="button"
        className="zoom-button"
        aria-label={t('chart.wider')}
        onClick={() => onZoom(fromMs - length / 2, toMs + length / 2)}
      >
        −
      </button>
      <button
        type="button"
        className="zoom-button"
        aria-label={t('chart.later')}
        disabled={toMs > serverNow()}
        onClick={() => move(0.5)}
      >
        ›
      </button>
    </fieldset>
  );
}
