//! What is done with a town's data, one file a verb. Knows stores and formats, no HTTP and no command line.

