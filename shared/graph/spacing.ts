/** Free space in canvas pixels: between nodes of one layer, between layers, and between edges that run side by side. */
export const NODE_SPACE = 28
export const LAYER_SPACE = 44
export const EDGE_SPACE = 12
/** Between the frame of a group and what is beside it. */
export const FRAME_SPACE = 16

/** A task's card. Fixed, so that nothing needs measuring before it can be placed or drawn. */
export const TASK_WIDTH = 224
export const TASK_HEIGHT = 72
/** Free space inside a group around its tasks, and the strip that holds its name; both once more for each group in it. */
export const GROUP_PADDING = 16
export const GROUP_HEADER = 28
