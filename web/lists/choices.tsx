import { t } from '../text/i18n.ts';
import { count } from '../text/numbers.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu } from '../ui/menu.tsx';
import { ChoiceBoxes, type ChoiceBoxesProps } from './choice-boxes.tsx';

export interface ChoicesProps<Value extends string> extends ChoiceBoxesProps<Value> {
  /** What is chosen. */
  readonly name: string;
}

/** A menu of check boxes in groups; none of them means all. */
export function Choices<Value extends string>({ name, ...boxes }: ChoicesProps<Value>) {
  const { chosen, onChange } = boxes;
  return (
    <Menu
      className={chosen.length > 0 ? 'is-set' : undefined}
      button={
        <>
          {name}
          {chosen.length > 0 ? <span className="badge good">{count(chosen.length)}</span> : null}
          <Icon name="down" />
        </>
      }
    >
      <ChoiceBoxes {...boxes} />
      {chosen.length > 0 ? (
        <button type="button" onClick={() => onChange([])}>
          <Icon name="close" />
          {t('filter.clear')}
        </button>
      ) : null}
    </Menu>
  );
}
