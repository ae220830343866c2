"""The build of the candidate: dbt, identity resolution, and the inputs of the models besides exports."""
