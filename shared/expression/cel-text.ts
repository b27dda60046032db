/**
 * A text of CEL, of three quotes or of one, or a comment. What stands in it is no name, no quote and no brace. A comment
 * reaches to the end of its line, or of its `${{ }}`.
 */
export const CEL_TEXT =
  /"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\/\/(?:(?!\}\}).)*/
