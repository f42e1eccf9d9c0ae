import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const CHILD_PROCESS = ['node:child_process', 'child_process'].map((name) => ({
  name,
  message: 'Start processes with run() or start() of src/process.',
}));
const EXECA = { name: 'execa', message: 'Only src/process imports execa; use its run() or start().' };
const NET_SNMP = {
  name: 'net-snmp',
  message: 'Only src/manager/snmp and discover-engine.ts import net-snmp.',
};

/** A later entry of the configuration takes the place of an earlier one, so each names its whole list. */
const noImportsOf = (...paths) => ({ 'no-restricted-imports': ['error', { paths: paths.flat() }] });

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'docs/api/']),
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.ts'],
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      // An arrow that returns the void of what it calls is how callbacks are written here.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // class-transformer's models may have nothing but decorated fields.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // An empty text is no value in many places; `||` says so.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  { files: ['src/**/*.ts'], rules: noImportsOf(CHILD_PROCESS, EXECA, NET_SNMP) },
  { files: ['src/process/**/*.ts'], rules: noImportsOf(CHILD_PROCESS, NET_SNMP) },
  {
    files: ['src/manager/snmp/**/*.ts', 'src/agent/snmpd/discover-engine.ts'],
    rules: noImportsOf(CHILD_PROCESS, EXECA),
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      ...noImportsOf(CHILD_PROCESS, EXECA),
      // chai's `expect(x).to.be.true` is an expression with an effect.
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.cjs', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        module: 'writable',
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
      },
    },
  },
);
