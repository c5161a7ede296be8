"""What scripts catch. Nothing raises it here."""


class CloudifyClientError(Exception):
    def __init__(self, message="", server_traceback=None, status_code=-1, error_code=None,
                 response=None):
        super().__init__(message)
        self.server_traceback = server_traceback
        self.status_code = status_code
        self.error_code = error_code
        self.response = response
