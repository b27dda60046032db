/** Free space in canvas pixels: between nodes of one layer, between layers, and between edges that run side by side. */
export const NODE_SPACE = 28
export const LAYER_SPACE = 44
export const EDGE_SPACE = 12
/** Between the frame of a group and what is beside it. */
export const FRAME_SPACE = 16
