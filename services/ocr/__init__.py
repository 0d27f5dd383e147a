"""ocr: perception. Client files in, page readings out; the only service that opens a client's file."""
