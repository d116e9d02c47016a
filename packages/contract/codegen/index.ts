export { ContractError } from './contract-error.ts';
export { generate } from './generate.ts';
export type { GeneratedFile, GenerateOptions, GenerateResult, ParleyConfig } from './generate.ts';
export type { PackageDirectories } from './load-package.ts';
