/** Most bytes of outputs one task may have. */
export const OUTPUT_LIMIT = 1024 * 1024
