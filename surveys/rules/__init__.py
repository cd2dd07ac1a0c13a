"""Rules on surveys and leavers: pure functions, without database nor clock."""
