"""The pages whose rows come from more than one part of the product, and the site's own."""
