export interface ChoiceGroup<Value extends string> {
  readonly name: string;
  readonly values: readonly Value[];
}

export interface ChoiceBoxesProps<Value extends string> {
  readonly groups: readonly ChoiceGroup<Value>[];
  readonly textOf: (value: Value) => string;
  readonly chosen: readonly Value[];
  readonly onChange: (chosen: readonly Value[]) => void;
}

/** Check boxes in groups; each group can be chosen at once. */
export function ChoiceBoxes<Value extends string>(props: ChoiceBoxesProps<Value>) {
  return (
    <div className="choices">
      {props.groups.map((group) => (
        <Group key={group.name} {...props} group={group} />
      ))}
    </div>
  );
}

function Group<Value extends string>({
  group: { name, values },
  textOf,
  chosen,
  onChange,
}: ChoiceBoxesProps<Value> & { readonly group: ChoiceGroup<Value> }) {
  const number = values.filter((value) => chosen.includes(value)).length;
  const set = (changed: readonly Value[], isOn: boolean) => {
    const rest = chosen.filter((value) => !changed.includes(value));
    onChange(isOn ? [...rest, ...changed] : rest);
  };
  return (
    <fieldset className="plain-fieldset">
      <legend className="visually-hidden">{name}</legend>
      <label className="choice-group">
        <input
          type="checkbox"
          checked={number === values.length}
          ref={(box) => {
            if (box !== null) box.indeterminate = number > 0 && number < values.length;
          }}
          onChange={(event) => set(values, event.currentTarget.checked)}
        />
        {name}
      </label>
      {values.map((value) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) => set([value], event.currentTarget.checked)}
          />
          {textOf(value)}
        </label>
      ))}
    </fieldset>
  );
}
