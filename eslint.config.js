import js from '@eslint/js'
import tseslint from 'typescript-eslint'

// Type-aware where there are types. Style is left to the eye; these rules are about mistakes.
export default tseslint.config({
  ignores: ['src/emulator/main.ts', 'node_modules', 'dist', 'static/vendor', '.tap', '.wrangler', 'data'],
}, js.configs.recommended, {
  files: ['**/*.ts'],
  extends: [...tseslint.configs.recommendedTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': 'error',
    '@typescript-eslint/consistent-type-imports': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    '@typescript-eslint/require-await': 'off',
    '@typescript-eslint/only-throw-error': 'error',
    eqeqeq: 'error',
    'no-console': 'error',
    'prefer-const': 'error',
  },
}, {
  // A client can send {"toString":1}, for which `String()` and `join()` throw. `text()` of json.ts reads such a value.
  files: ['src/{dialects,rules,handlers,relay}/**/*.ts'],
  rules: { '@typescript-eslint/no-base-to-string': ['error', { checkUnknown: true }] },
}, {
  // Tests look into answers of any shape, and tap waits for its own subtests.
  files: ['test/**/*.ts'],
  rules: {
    '@typescript-eslint/no-unsafe-assignment': 'off',
    '@typescript-eslint/no-unsafe-member-access': 'off',
    '@typescript-eslint/no-unsafe-call': 'off',
    '@typescript-eslint/no-unsafe-argument': 'off',
    '@typescript-eslint/no-unsafe-return': 'off',
    '@typescript-eslint/unbound-method': 'off',
    '@typescript-eslint/no-floating-promises': ['error', {
      allowForKnownSafePromises: [{ from: 'package', package: '@tapjs/core', name: 'PromiseWithSubtest' }],
    }],
    'no-console': 'off',
  },
}, {
  files: ['**/*.{js,mjs}'],
  languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
}, {
  // `tsc -p static` knows the browser's names, and checks them.
  files: ['static/**/*.js'],
  rules: { 'no-undef': 'off' },
})
