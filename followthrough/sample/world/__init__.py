"""The simulated business: people, their actions, and the content and sheets made by the business."""
