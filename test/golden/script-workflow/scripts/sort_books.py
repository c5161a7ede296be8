from cloudify.workflows import ctx
