/** Type of a drag from the palette; its data is the kind. */
export const KIND_TYPE = 'application/x-dagwright-kind'
