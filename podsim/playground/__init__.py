"""The playground: any manifest in any world, answered as JSON. What it is asked and what it says is in book/web/src/playground/data.ts."""
