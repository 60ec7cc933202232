/** Adds the licences of the packages in a build to it. */
import { licencesOf } from '../licences.mjs';

/** `onInputs` receives the paths of the files that the build consists of. */
export const licences = (onInputs) => ({
  name: 'licences',
  generateBundle(_, files) {
    const inputs = Object.values(files).flatMap(({ moduleIds = [] }) => moduleIds);
    onInputs(inputs);
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: licencesOf(inputs) });
  },
});
