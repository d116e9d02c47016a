import { ContractError } from './contract-error.ts';
import { readContract, type Contract } from './contract.ts';
import { loadPackage, type PackageDirectories } from './load-package.ts';
import { contractFile } from './package-layout.ts';

export interface LoadedContract {
  /** Where its normal form is kept, from the root of the repository. */
  path: string;
  contract: Contract;
  /** The file of each event, from the root of the repository. */
  files: ReadonlyMap<string, string>;
}

/** The contracts of packages as their events are now. */
export async function loadContracts(
  root: string,
  packages: readonly PackageDirectories[],
): Promise<LoadedContract[]> {
  const loaded: LoadedContract[] = [];
  for (const directories of packages) {
    const { events, problems } = await loadPackage(root, directories);
    if (problems.length > 0) throw new ContractError(problems);
    loaded.push({
      path: contractFile(directories),
      contract: readContract(events.map(({ event }) => event)),
      files: new Map(events.map(({ path, event: { name } }) => [name, path])),
    });
  }
  return loaded;
}
